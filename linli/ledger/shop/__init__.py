"""What points are spent on: goods, services, vouchers of merchants, and leases of terminals."""
