"""What is said of numbers away from any screen: words and tables that the app, the command line and documents share."""
