"""What speaks for or against a sentence by its passages: fixed points, contrasts, numbers that a head weighs."""
