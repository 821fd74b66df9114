"""`python -m scheduler` is `giliran`."""

from scheduler.cli.start import main

if __name__ == "__main__":
    main()
