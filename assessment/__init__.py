"""Kaderscan: self-assessment, dashboard and roadmap for the Dutch Veiligheidshuizen."""

import os

# Where lxml is, openpyxl would parse with that, and no longer through defusedxml, which refuses entities.
os.environ.setdefault("OPENPYXL_LXML", "False")
