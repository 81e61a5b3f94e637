import { hashPassword, type PasswordHash, passwordMatches } from './passwords.ts';

/** A customer of the shop. `id` is what becomes the token's `sub`: stable, and never reused for somebody else. */
export type User = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly plan: 'garden-club' | 'free';
};

export type DemoUser = User & { readonly password: string };

/** The two customers of the demo. Their passwords are public on purpose: the start screen and the login page show them. */
export const demoUsers: readonly DemoUser[] = [
  {
    id: 'customer-1001',
    name: 'Ada Lindqvist',
    email: 'ada@fernhill.shop',
    plan: 'garden-club',
    password: 'moss-and-fern',
  },
  { id: 'customer-1002', name: 'Grace Okafor', email: 'grace@fernhill.shop', plan: 'free', password: 'pots-and-soil' },
];

export type Users = {
  /** The user with this e-mail (in any letter case) and password, or undefined. Takes as long for an unknown e-mail. */
  authenticate(email: string, password: string): Promise<User | undefined>;
  find(id: string): User | undefined;
};

export function createUsers(records: readonly DemoUser[] = demoUsers): Users {
  const byId = new Map<string, User>();
  const byEmail = new Map<string, { user: User; hash: Promise<PasswordHash> }>();
  for (const { password, ...user } of records) {
    byId.set(user.id, user);
    byEmail.set(user.email, { user, hash: hashPassword(password) });
  }
  const nobody = hashPassword('no password has this hash');

  return {
    async authenticate(email, password) {
      const record = byEmail.get(email.trim().toLowerCase());
      // The hash of nobody is compared too, or the time of the answer would say which addresses have an account.
      const matches = await passwordMatches(password, await (record?.hash ?? nobody));
      return matches ? record?.user : undefined;
    },
    find: (id) => byId.get(id),
  };
}
