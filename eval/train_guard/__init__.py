"""Training of the learnt heads of guards/heads: a frame, and one module for each guard that learns.

A guard's module has its guard's name and offers

    STAGE         where the guard is measured (core.domain.Stage)
    FALSE_ALARMS  the share of harmless rows that may fire at 0.5, mean over sources, on held-out folds
    LIMITS        one or two sentences for the card: what the head is weak at
    rows(folder)  every row, both splits (rows.Row), from the folder of the given sets and from own texts
    train(rows, kit)  the numbers of the head, from rows of the train split; the frame adds the card and writes them
    guard(kit)    the guard as it ships, to be measured

and, where it has more to say, `measures(rows, scores) -> list[str]`: further lines on the rows of the dev split.
Nothing here runs in the product: `python -m eval.train_guard NAME --data FOLDER` does.
"""
