"""What a survey is, how its folder is read, and how respondents are simulated."""
