// Amounts of money, as people read them: cents, and of less than a cent what there is.

const CENT = 0.01;
const PLAIN = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const SMALL = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumSignificantDigits: 3 });

export function usd(amount) {
  return (amount && Math.abs(amount) < CENT ? SMALL : PLAIN).format(amount);
}
