import { accountOf, ownAccount } from './accounts';
import type { Account } from './accounts';

/** The account that a token is of, or null. */
export type Login = (token: string) => Account | null;

/** Logs in whoever is in the users file. */
export function loginByFile(accounts: readonly Account[]): Login {
  return (token) => accountOf(accounts, token);
}

/** A token that logs in as admin, once: a link that stays in a terminal's history opens nothing later. */
export function loginOnce(name: string): { readonly login: Login; readonly token: string } {
  const { account, token } = ownAccount(name);
  let left = [account];
  return {
    token,
    login(tried) {
      const found = accountOf(left, tried);
      if (found !== null) left = [];
      return found;
    },
  };
}
