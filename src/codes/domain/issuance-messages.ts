import type { ClerkLanguage } from '../../kernel/clerk-language.js';
import type { IssuanceRefusal } from './issuance-refusal.js';

// Said to the clerk who was about to hand a coupon out: one sentence, no system words, and what to do next.
const MESSAGES: Readonly<Record<IssuanceRefusal, Readonly<Record<ClerkLanguage, string>>>> = {
  'channel.not-allowed': {
    en: 'Coupons cannot be handed out at this till: call your manager.',
    ru: 'На этой кассе купоны не выдаются: позовите администратора.',
  },
  'campaign.not-active': {
    en: 'This promotion has not started yet: tell the customer to ask again later.',
    ru: 'Акция ещё не началась: предложите покупателю спросить позже.',
  },
  'campaign.paused': {
    en: 'This promotion is on hold: tell the customer to ask again another day.',
    ru: 'Акция приостановлена: предложите покупателю спросить в другой день.',
  },
  'campaign.ended': {
    en: 'This promotion is over: hand out no more coupons.',
    ru: 'Акция закончилась: больше не выдавайте купоны.',
  },
  'offer.limit-reached': {
    en: 'All discounts of this promotion are gone: a coupon would not be taken any more.',
    ru: 'Все скидки по акции уже использованы: купон больше не примут.',
  },
  'customer.held-out': {
    en: 'There is no coupon for this customer in this promotion: go on without one.',
    ru: 'Для этого покупателя купон по акции не предусмотрен: продолжайте без купона.',
  },
  'receipt.required': {
    en: 'This coupon is earned by a purchase: ask for it again with the receipt.',
    ru: 'Этот купон даётся за покупку: запросите его ещё раз вместе с чеком.',
  },
  'currency.mismatch': {
    en: "The receipt is not in the promotion's currency: call your manager.",
    ru: 'Валюта чека не та, что у акции: позовите администратора.',
  },
  'receipt.below-minimum': {
    en: 'The receipt is too small for a coupon: offer to add something.',
    ru: 'Сумма чека мала для купона: предложите добавить товар.',
  },
  'receipt.already-used': {
    en: 'This receipt has already earned its coupon: do not hand out a second one.',
    ru: 'По этому чеку купон уже выдан: второй не положен.',
  },
  'issuance.ceiling-reached': {
    en: 'All coupons of this promotion have been handed out: tell the customer so.',
    ru: 'Все купоны по акции уже выданы: скажите об этом покупателю.',
  },
};

/** One sentence for the clerk: what is wrong and what to do. */
export function issuanceMessage(reason: IssuanceRefusal, language: ClerkLanguage): string {
  return MESSAGES[reason][language];
}
