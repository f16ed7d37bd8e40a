"""What every service needs and none owns: nothing lost, nothing twice, nobody let in by mistake."""
