"""`python -m scheduler` is `giliran`."""

from scheduler.cli.main import main

if __name__ == "__main__":
    main()
