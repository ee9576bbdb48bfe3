"""AWS's services, as the ports that they fill."""
