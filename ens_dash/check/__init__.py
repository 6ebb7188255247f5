"""What a file says of itself, read again and compared with today's figures."""
