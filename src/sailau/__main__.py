"""Run Sailau as `python -m sailau`."""

from sailau.cli import main

if __name__ == "__main__":
    main()
