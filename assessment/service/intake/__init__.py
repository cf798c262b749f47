"""A filled questionnaire in: read, checked against its round, stored, and a receipt back."""
