import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalTarget, targetFault, withClick } from './target-url.js';

describe('the target of a link', () => {
  it.each([
    'https://shop.example/promo',
    'http://shop.example:8080/?a=1&b=2#top',
    'https://кафе.example/меню',
  ])('%s is fine', (target) => {
    expect(targetFault(target)).toBeNull();
  });

  it.each([
    ['/promo', 'must be an absolute URL such as https://shop.example/promo'],
    ['//shop.example', 'must be an absolute URL such as https://shop.example/promo'],
    ['javascript:alert(1)', 'must begin with https:// or http://'],
    ['data:text/html,x', 'must begin with https:// or http://'],
    ['https://ann:secret@shop.example', 'must not hold a user name or a password'],
    ['https://shop.example/?tandem_click=1', 'must not hold the parameter tandem_click'],
    ['https://shop.example/#/?tandem_click=1', 'must not hold the parameter tandem_click'],
    [`https://shop.example/${'a'.repeat(2_000)}`, 'must have at most 2000 characters'],
  ])('%s is refused', (target, fault) => {
    expect(targetFault(target)).toBe(fault);
  });

  it('is stored in ASCII, so that it can stand in a header', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        fc.string(),
        (url, extra) => {
          const target = `${url}${url.includes('#') ? '' : '#'}${extra}`;
          fc.pre(targetFault(target) === null);
          expect(canonicalTarget(target)).toMatch(/^[\x21-\x7e]+$/);
        },
      ),
    );
  });

  it.each([
    ['https://shop.example/', 'https://shop.example/?tandem_click=7'],
    ['https://shop.example/?a=%20b', 'https://shop.example/?a=%20b&tandem_click=7'],
    ['https://shop.example/?', 'https://shop.example/?tandem_click=7'],
    ['https://shop.example/?a&', 'https://shop.example/?a&tandem_click=7'],
    ['https://shop.example/#/promo?x', 'https://shop.example/?tandem_click=7#/promo?x'],
  ])('%s carries the click', (target, expected) => {
    expect(withClick(target, '7')).toBe(expected);
  });

  it('keeps everything else it said, whatever that is', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        fc.pre(targetFault(url) === null);
        const before = new URL(canonicalTarget(url));
        const after = new URL(withClick(before.href, 'id'));
        expect(after.searchParams.get('tandem_click')).toBe('id');
        expect([after.origin, after.pathname, after.hash]).toEqual([
          before.origin,
          before.pathname,
          before.hash,
        ]);
        expect([...after.searchParams].slice(0, -1)).toEqual([...before.searchParams]);
      }),
    );
  });
});
