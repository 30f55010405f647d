"""`python -m jianbao` is the command `jianbao`."""

from jianbao.cli import main

if __name__ == "__main__":
    main()
