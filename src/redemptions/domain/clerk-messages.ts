import type { ClerkLanguage } from '../../kernel/clerk-language.js';
import type { RefusalReason } from './refusal-reason.js';

// Said to a clerk with a queue in front of them: one sentence, no system words, and what to do next.
const MESSAGES: Readonly<Record<RefusalReason, Readonly<Record<ClerkLanguage, string>>>> = {
  'code.malformed': {
    en: 'There is a typing error in the code: check it and enter it again.',
    ru: 'В коде опечатка: проверьте и введите его ещё раз.',
  },
  'code.unknown': {
    en: 'There is no such code: check the spelling, or sell without the discount.',
    ru: 'Такого кода нет: проверьте написание или продайте без скидки.',
  },
  'code.not-yours': {
    en: 'This code belongs to another company: send the customer to the company named on it.',
    ru: 'Это код другой компании: направьте покупателя туда, где указано на купоне.',
  },
  'code.revoked': {
    en: 'This code has been cancelled: do not take it.',
    ru: 'Этот код отменён: не принимайте его.',
  },
  'code.not-started': {
    en: 'This code is not valid yet: ask the customer to come back from its start date.',
    ru: 'Этот код ещё не действует: попросите покупателя прийти после даты начала.',
  },
  'code.expired': {
    en: 'This code has expired: do not take it.',
    ru: 'Срок действия кода истёк: не принимайте его.',
  },
  'code.used-up': {
    en: 'This code has already been used: ask the customer for another one.',
    ru: 'Этот код уже использован: попросите у покупателя другой.',
  },
  'campaign.not-active': {
    en: 'This promotion has not started yet: ask the customer to come back later.',
    ru: 'Акция ещё не началась: попросите покупателя прийти позже.',
  },
  'campaign.paused': {
    en: 'This promotion is on hold: ask the customer to keep the code and come back later.',
    ru: 'Акция приостановлена: попросите покупателя сохранить код и прийти позже.',
  },
  'campaign.ended': {
    en: 'This promotion is over: do not take the code.',
    ru: 'Акция закончилась: не принимайте код.',
  },
  'offer.limit-reached': {
    en: 'All discounts of this promotion are gone: sell without it.',
    ru: 'Все скидки по акции уже выданы: продайте без скидки.',
  },
  'offer.daily-limit-reached': {
    en: "Today's discounts of this promotion are gone: ask the customer to come back tomorrow.",
    ru: 'Скидки по акции на сегодня закончились: попросите покупателя прийти завтра.',
  },
  'customer.limit-reached': {
    en: 'This customer has already used this promotion as often as allowed: sell without the discount.',
    ru: 'Покупатель уже использовал акцию разрешённое число раз: продайте без скидки.',
  },
  'customer.required': {
    en: "Ask for the customer's card, phone or e-mail and enter the code again.",
    ru: 'Спросите карту, телефон или почту покупателя и введите код ещё раз.',
  },
  'receipt.below-minimum': {
    en: 'The receipt is too small for this code: offer to add something, then enter it again.',
    ru: 'Сумма чека мала для этого кода: предложите добавить товар и введите код ещё раз.',
  },
  'receipt.already-used': {
    en: 'This code is already on this receipt: do not enter it twice.',
    ru: 'Этот код уже применён к этому чеку: второй раз вводить не нужно.',
  },
  'budget.exhausted': {
    en: 'The money for this promotion is used up: sell without the discount.',
    ru: 'Деньги на акцию закончились: продайте без скидки.',
  },
  'reservation.missing': {
    en: 'This code is not being held for you: check it again from the start.',
    ru: 'Код за вами не закреплён: проверьте его заново.',
  },
  'reservation.expired': {
    en: 'The hold on this code has run out: check it again from the start.',
    ru: 'Время, на которое код закреплён, вышло: проверьте его заново.',
  },
  'channel.not-allowed': {
    en: 'Codes cannot be taken at this till: call your manager.',
    ru: 'На этой кассе коды не принимаются: позовите администратора.',
  },
  'occurred.too-old': {
    en: "This sale was reported too late, or the till's clock is wrong: tell your manager.",
    ru: 'Продажа передана слишком поздно, или на кассе неверное время: сообщите администратору.',
  },
  'occurred.in-future': {
    en: "The till's clock is wrong: set the date and time, then enter the code again.",
    ru: 'На кассе неверное время: исправьте дату и время и введите код ещё раз.',
  },
};

/** One sentence for the clerk: what is wrong and what to do. */
export function clerkMessage(reason: RefusalReason, language: ClerkLanguage): string {
  return MESSAGES[reason][language];
}

/** What is said instead of "no such code" when a word was perhaps meant: the clerk asks the customer. */
export function hintMessage(word: string, language: ClerkLanguage): string {
  return HINTS[language].replace('…', () => word);
}

const HINTS: Readonly<Record<ClerkLanguage, string>> = {
  en: 'Did you mean …? If not, there is no such code: sell without the discount.',
  ru: 'Может быть, …? Если нет, такого кода нет: продайте без скидки.',
};
