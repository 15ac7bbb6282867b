"""`python -m campaign.cli` is `serempak`."""

from campaign.cli import main

if __name__ == "__main__":
    main()
