"""The service desk (积分服务台): people and units, their cards, households and lists of them."""
