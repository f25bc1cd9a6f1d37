"""How each framework beside Flask and Django says what it answers: lists of routes, controllers, resources."""
