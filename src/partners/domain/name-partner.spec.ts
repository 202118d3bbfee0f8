import { describe, expect, it } from '@jest/globals';
import { namePartner } from './name-partner.js';

describe('namePartner', () => {
  it('is the own partner, named or not', () => {
    expect(namePartner('gym', undefined)).toEqual({ kind: 'partner', partnerId: 'gym' });
    expect(namePartner('gym', 'gym')).toEqual({ kind: 'partner', partnerId: 'gym' });
  });

  it('is never another one', () => {
    expect(namePartner('gym', 'cafe')).toEqual({ kind: 'foreign' });
  });

  it('has to be said by the operator', () => {
    expect(namePartner(null, undefined)).toEqual({ kind: 'unnamed' });
    expect(namePartner(null, 'cafe')).toEqual({ kind: 'partner', partnerId: 'cafe' });
  });
});
