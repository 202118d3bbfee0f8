/** What a till may know about a customer. Personal data: neither stored nor logged, only the id made from it is. */
export interface CustomerDetails {
  /** The partner's own number for the customer, such as a loyalty card. */
  readonly reference?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

/** One spelling per customer, or the field that says nothing usable. */
export type CustomerReference =
  | { readonly kind: 'reference'; readonly text: string }
  | { readonly kind: 'faulty'; readonly field: keyof CustomerDetails; readonly detail: string };

/**
 * The one text by which a customer is known: `ref:A-17`, `tel:+4930123456` or `mail:ann@example.org`. Of several
 * details the first of reference, phone and email counts; the others are not looked at.
 */
export function normaliseCustomer(details: CustomerDetails): CustomerReference {
  if (details.reference !== undefined) return normaliseReference(details.reference);
  if (details.phone !== undefined) return normalisePhone(details.phone);
  if (details.email !== undefined) return normaliseEmail(details.email);
  return faulty('reference', 'give a reference, a phone number or an email address');
}

// The card's own spelling is kept: "a1" and "A1" may be two customers. Only what no eye can see is levelled.
function normaliseReference(reference: string): CustomerReference {
  const text = reference.normalize('NFC').trim();
  return text === '' ? faulty('reference', 'must not be empty') : { kind: 'reference', text: `ref:${text}` };
}

// "+49 (0)30 …" is a habit of letterheads; the bracketed zero is never dialled after a country code.
const TRUNK_ZERO = '(0)';
const PHONE_FILLING = /[\s().\-/\u2010-\u2015\u202a-\u202e\u2066-\u2069]/g;
// ITU-T E.164: at most 15 digits, no country code begins with 0. Fewer than seven is a short number of one network.
const INTERNATIONAL = /^(?:\+|00)([1-9][0-9]{6,14})$/;

// A number without a country code would be another customer in every country, so it is refused rather than guessed.
function normalisePhone(phone: string): CustomerReference {
  const digits = INTERNATIONAL.exec(phone.replace(TRUNK_ZERO, '').replace(PHONE_FILLING, ''))?.[1];
  if (digits === undefined) return faulty('phone', 'must be an international number such as +49 30 1234567');
  return { kind: 'reference', text: `tel:+${digits}` };
}

// Not a check that the mailbox exists. 254 is the longest address that SMTP can carry (RFC 5321, 4.5.3.1).
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const MAX_EMAIL = 254;

// RFC 5321 lets "Ann" and "ann" be two mailboxes; no provider makes use of that, and people type both.
function normaliseEmail(email: string): CustomerReference {
  const text = email.normalize('NFC').trim().toLowerCase();
  if (text.length > MAX_EMAIL || !EMAIL.test(text))
    return faulty('email', 'must be an address such as ann@example.org');
  return { kind: 'reference', text: `mail:${canonicalMailbox(text)}` };
}

// Google says of these two domains that dots and "+tags" do not matter and that both are one. Of no other provider is it certain,
// and to take two people for one is worse than to miss that two addresses are one person's.
const GOOGLE = new Set(['gmail.com', 'googlemail.com']);

function canonicalMailbox(address: string): string {
  const [mailbox = '', domain = ''] = address.split('@');
  if (!GOOGLE.has(domain)) return address;
  const name = mailbox.replace(/\+.*$/, '').replaceAll('.', '');
  return name === '' ? address : `${name}@gmail.com`;
}

/**
 * The text of which a match id is made within a campaign: a phone number or a mailbox is one person wherever it is typed, a
 * reference only within the partner (`partnerId`) whose card it is. Takes what `normaliseCustomer` answered.
 */
export function matchText(partnerId: string, text: string): string {
  return text.startsWith('ref:') ? `ref:${partnerId}:${text.slice('ref:'.length)}` : text;
}

function faulty(field: keyof CustomerDetails, detail: string): CustomerReference {
  return { kind: 'faulty', field, detail };
}
