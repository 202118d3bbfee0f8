/** The two halves of a presented key: `keyId` names it and is no secret, `secret` proves it. */
export interface ApiKeyText {
  readonly keyId: string;
  readonly secret: string;
}

// 22 letters and digits carry 131 bits; ASVS 11.5.1 asks for 128. The upper bounds keep a lookup cheap.
const API_KEY = /^tdm_([A-Za-z0-9]{4,40})_([A-Za-z0-9]{22,128})$/;

/** Splits a key of the form `tdm_<keyId>_<secret>`; undefined when it cannot be one, so that nothing is looked up. */
export function parseApiKey(text: string): ApiKeyText | undefined {
  const [, keyId, secret] = API_KEY.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
}

/** The key as its owner sends it. */
export function formatApiKey(key: ApiKeyText): string {
  return `tdm_${key.keyId}_${key.secret}`;
}
