"""Kaderscan: self-assessment, dashboard and roadmap for the Dutch Veiligheidshuizen."""
