"""How mails leave: as octets (`message`), to a mail server (`smtp`) or into memory (`memory`)."""
