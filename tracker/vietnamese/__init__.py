"""How Vietnamese people write text, numbers, dates and deadlines. Pure Python, no Django."""
