import { describe, expect, it } from '@jest/globals';
import { isClick } from './is-click.js';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1';

describe('a request of a link', () => {
  it('by a person is a click', () => {
    expect(isClick({ method: 'GET', headers: { 'user-agent': PHONE } })).toBe(true);
    expect(isClick({ method: 'GET', headers: {} })).toBe(true);
    expect(isClick({ method: 'GET', headers: { 'user-agent': 'Mozilla/5.0 CUBOT X50' } })).toBe(true);
  });

  it('that asks for the headers alone is none', () => {
    expect(isClick({ method: 'HEAD', headers: { 'user-agent': PHONE } })).toBe(false);
  });

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'x-moz': 'prefetch' },
  ])('that fetches ahead is none: %j', (headers) => {
    expect(isClick({ method: 'GET', headers: { 'user-agent': PHONE, ...headers } })).toBe(false);
  });

  it.each([
    'WhatsApp/2.23.20.0',
    'TelegramBot (like TwitterBot)',
    'facebookexternalhit/1.1',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'curl/8.5.0',
  ])('by a programme that says so is none: %s', (agent) => {
    expect(isClick({ method: 'GET', headers: { 'user-agent': agent } })).toBe(false);
  });
});
