"""Few idle gaps: the slots of meetings chosen so that parties wait as seldom as possible between them, with proof."""
