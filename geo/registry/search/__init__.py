"""Finding things by what they are called: names, codes, towns, firms; in characters, pinyin, initials, with slips of the hand."""
