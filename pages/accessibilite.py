from ens_dash.ui.pages import show

show("accessibilite")
