import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CustomerDetails, matchText, normaliseCustomer } from './customer-reference.js';

const text = (details: CustomerDetails): string | undefined => {
  const reference = normaliseCustomer(details);
  return reference.kind === 'reference' ? reference.text : undefined;
};
const faultyField = (details: CustomerDetails): string | undefined => {
  const reference = normaliseCustomer(details);
  return reference.kind === 'faulty' ? reference.field : undefined;
};

describe('a customer reference', () => {
  it('is the partner own number without the blanks around it, in the case it was given', () => {
    expect(text({ reference: '  Card-17 a ' })).toBe('ref:Card-17 a');
  });

  it('is the same however the accent was typed', () => {
    expect(text({ reference: 'Jose\u0301' })).toBe(text({ reference: 'Jos\u00e9' }));
  });

  it('cannot be empty', () => {
    expect(faultyField({ reference: '   ' })).toBe('reference');
  });
});

describe('a phone number', () => {
  it.each([
    '+49 30 1234567',
    '+49301234567',
    '0049 30 123 45 67',
    ' +49 (30) 123-45-67 ',
    '+49 (0)30 1234567',
    '+49.30/1234567',
    '\u202a+49\u00a030\u00a01234567\u202c',
    '+49\u201130\u20111234567',
  ])('"%s" is one and the same number', (phone) => {
    expect(text({ phone })).toBe('tel:+49301234567');
  });

  it.each([
    ['without a country code', '030 1234567'],
    ['that may or may not begin with a country code', '49301234567'],
    ['whose country code begins with zero', '+0301234567'],
    ['of six digits', '+491234'],
    ['of sixteen digits', '+4930123456789012'],
    ['with letters', '+49 30 CALLME1'],
    ['with a plus inside', '+49+301234567'],
    ['without digits', ''],
  ])('a number %s is refused', (_, phone) => {
    expect(faultyField({ phone })).toBe('phone');
  });

  it('has seven to fifteen digits, however they are grouped', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{6,14}$/);
    const filling = fc.array(fc.constantFrom('', ' ', '-', '.', '/'), { minLength: 15, maxLength: 15 });
    fc.assert(
      fc.property(digits, filling, fc.constantFrom('+', '00'), (number, gaps, prefix) => {
        const phone = prefix + Array.from(number, (digit, index) => digit + (gaps[index] ?? '')).join('');
        expect(text({ phone })).toBe(`tel:+${number}`);
      }),
    );
  });
});

describe('an email address', () => {
  it('is the same in any case', () => {
    expect(text({ email: ' Ann.Lee@Example.ORG ' })).toBe('mail:ann.lee@example.org');
  });

  it.each(['', 'ann', '@example.org', 'ann@', 'a@b@c', 'ann lee@example.org', `${'a'.repeat(250)}@x.org`])(
    '"%s" is refused',
    (email) => {
      expect(faultyField({ email })).toBe('email');
    },
  );
});

describe('a mailbox at Google', () => {
  it.each(['annlee@gmail.com', 'Ann.Lee@gmail.com', 'ann.l.ee+shop@gmail.com', 'a.nnlee+x+y@googlemail.com'])(
    '"%s" is one and the same',
    (email) => {
      expect(text({ email })).toBe('mail:annlee@gmail.com');
    },
  );

  it('whose name is a tag or dots alone is left as it is', () => {
    expect(text({ email: '+tag@gmail.com' })).toBe('mail:+tag@gmail.com');
    expect(text({ email: '..@googlemail.com' })).toBe('mail:..@googlemail.com');
  });
});

describe('a mailbox elsewhere', () => {
  it.each([
    'ann.lee@example.org',
    'ann+shop@example.org',
    'ann.lee@gmail.com.example.org',
    'ann.lee@mail.gmail.com',
  ])('keeps its dots and tags: "%s"', (email) => {
    expect(text({ email })).toBe(`mail:${email}`);
  });
});

describe('the one spelling of a customer', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9.+_-]{1,20}$/);
  const domain = fc.constantFrom('gmail.com', 'GoogleMail.com', 'example.org', 'gmail.de');
  const detail = fc.oneof(
    fc.record({ reference: fc.string({ minLength: 1 }) }),
    fc.stringMatching(/^(\+|00)[1-9][0-9 ().-]{6,18}$/).map((phone) => ({ phone })),
    fc.tuple(name, domain).map(([mailbox, at]) => ({ email: `${mailbox}@${at}` })),
    fc.emailAddress().map((email) => ({ email })),
  );
  const fields = { ref: 'reference', tel: 'phone', mail: 'email' } as const;

  it('is spelled the same when it is given as the detail again', () => {
    fc.assert(
      fc.property(detail, (details) => {
        const once = text(details);
        fc.pre(once !== undefined);
        const [kind] = once.split(':') as [keyof typeof fields];
        expect(text({ [fields[kind]]: once.slice(kind.length + 1) })).toBe(once);
      }),
    );
  });

  it('does not depend on the case of an address nor on blanks around a detail', () => {
    fc.assert(
      fc.property(name, domain, (mailbox, at) => {
        const email = `${mailbox}@${at}`;
        expect(text({ email: ` ${email.toUpperCase()} ` })).toBe(text({ email: email.toLowerCase() }));
      }),
    );
  });
});

describe('the text of a match id', () => {
  it('of a phone or mailbox is the same for all partners, of a reference it names the partner', () => {
    expect(matchText('p', 'tel:+49301234567')).toBe('tel:+49301234567');
    expect(matchText('p', 'mail:ann@example.org')).toBe('mail:ann@example.org');
    expect(matchText('p', 'ref:A-17')).toBe('ref:p:A-17');
  });

  it('of two customers is never the same', () => {
    const partner = fc.uuid();
    const spelling = fc.oneof(
      fc.string().map((reference) => `ref:${reference}`),
      fc.constantFrom('tel:+49301234567', 'mail:ref:x@y.z'),
    );
    fc.assert(
      fc.property(partner, spelling, partner, spelling, (a, one, b, other) => {
        const isSame = one === other && (a === b || !one.startsWith('ref:'));
        expect(matchText(a, one) === matchText(b, other)).toBe(isSame);
      }),
    );
  });
});

describe('several details', () => {
  it('the first of reference, phone and email is the customer', () => {
    const all = { email: 'ann@example.org', phone: '+49301234567', reference: 'A-17' };
    expect(text(all)).toBe('ref:A-17');
    expect(text({ ...all, reference: undefined })).toBe('tel:+49301234567');
  });

  it('of kinds that look alike are different customers', () => {
    expect(text({ reference: '+49301234567' })).not.toBe(text({ phone: '+49301234567' }));
  });

  it('none of them is a fault', () => {
    expect(faultyField({})).toBe('reference');
  });
});
