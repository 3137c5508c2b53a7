"""A maintainer's pages: terminals and boards, jobs, roll-outs, alerts."""
