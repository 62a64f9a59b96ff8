"""The pages computed on the integration server, for visitors whose browsers only draw them."""
