use lettre::Address;

/// True if reports may go to the domain of an address: none are listed, or it is, or a parent is listed with `*.`.
pub(super) fn allowed(address: &str, domains: &[String]) -> bool {
    let domain = domain(address);
    domains.is_empty()
        || domains.iter().map(|allowed| allowed.to_lowercase()).any(|allowed| {
            let below = allowed.strip_prefix("*.").and_then(|above| domain.strip_suffix(above));
            domain == allowed || below.is_some_and(|below| below.ends_with('.'))
        })
}

/// The domain of an address in lower case.
pub(super) fn domain(address: &str) -> String {
    address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default()
}

/// The address as a mail server accepts it.
pub(super) fn parsed(address: &str) -> Result<Address, String> {
    address
        .parse()
        .map_err(|error: lettre::address::AddressError| format!("no server accepts this address: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_allowed_by_name_or_from_above() {
        let domains = ["leeds.example.org".to_owned(), "*.Gov.UK".to_owned()];
        for yes in ["a@leeds.example.org", "a@LEEDS.example.ORG", "a@leeds.gov.uk", "a@x.leeds.gov.uk"] {
            assert!(allowed(yes, &domains), "{yes}");
        }
        for no in
            ["a@example.org", "a@xleeds.example.org", "a@gov.uk", "a@notgov.uk", "a@leeds.gov.uk.example.com"]
        {
            assert!(!allowed(no, &domains), "{no}");
        }
        assert!(allowed("a@anywhere.org", &[]));
    }
}
