from ens_dash.ui.pages import show

show("covid-19")
