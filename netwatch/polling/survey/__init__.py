"""What criteria ask of a device, one file a question; asked hourly, apart from the polls."""
