/**
 * Marketplaces give each order an address of its own: it reaches the buyer, and is no sign of who he is. Such a
 * customer is known to his marketplace only, and never merged by it.
 */
const maskedDomains = {
  source:
    'Seller Central “Buyer-Seller Messages”, eBay “Member-to-member contact”, Etsy and Walmart seller help',
  verifiedAt: '2026-11-22',
  suffixes: {
    amazon: /^marketplace\.amazon\.[a-z.]{2,10}$/,
    ebay: /^members\.ebay\.[a-z.]{2,10}$/,
    walmart: /^relay\.walmart\.com$/,
    etsy: /^(conversations|messages)\.etsy\.com$/,
    apple: /^privaterelay\.appleid\.com$/,
  },
}

/** The marketplace that made the address up, or null where it is a person's own. */
export function maskedBy(address: string): string | null {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const found = Object.entries(maskedDomains.suffixes).find(([, suffix]) => suffix.test(domain))
  return found?.[0] ?? null
}
