"""What every page is made with: language, frame, words, forms, sessions, and what browsers are told to refuse."""
