"""Reading back what giliran itself wrote, hand-edited or not."""
