import * as z from 'zod';
import { secret } from './values.ts';

const names = (role: string) =>
  z
    .array(z.string().min(1).max(200))
    .max(100)
    .default([])
    .describe(`Names at the provider that make somebody ${role}; a leading / does not count`);

const RoleNames = z
  .strictObject({
    admin: names('administrator'),
    operator: names('operator'),
    creator: names('creator'),
    reporter: names('reporter'),
    viewer: names('viewer'),
  })
  .prefault({})
  .describe('Which names in the claim give which role; the highest one counts, all others are ignored');

/** Kept as it is written: an issuer is compared letter by letter, a slash at the end included. */
const issuer = () =>
  z
    .string()
    .max(500)
    .refine(isIssuer, {
      error: 'is not the address of an issuer',
      params: {
        remedy:
          'Write the https address from the field "issuer" of its /.well-known/openid-configuration. http is for 127.0.0.1 only.',
      },
    });

function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || /[?#]/.test(text)) return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname))
  );
}

const Provider = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, { error: 'may only have a-z, 0-9 and -, at most 32 characters' })
    .describe('Name in addresses; the provider sends people back to /auth/ and this name, under http.public_url')
    .meta({ examples: ['keycloak'] }),
  label: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe('What the button says')
    .meta({ defaultText: 'the id', examples: ['Keycloak'] }),
  issuer: issuer()
    .describe('The issuer, exactly as it calls itself')
    .meta({ examples: ['https://login.example.org/realms/lab'] }),
  client_id: z
    .string()
    .min(1)
    .max(300)
    .describe('How the provider knows this installation')
    .meta({ examples: ['signalbox'] }),
  client_secret: secret()
    .optional()
    .describe('Its secret; absent for a public client')
    .meta({ examples: [`\${OIDC_CLIENT_SECRET}`] }),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, { error: 'is not a scope' }))
    .max(30)
    .default(['openid', 'profile'])
    .refine((scopes) => scopes.includes('openid'), {
      error: 'lacks openid',
      params: { remedy: 'Without the scope openid a provider does not say who signed in: add it.' },
    })
    .describe('Scopes asked for'),
  roles_claim: z
    .string()
    .min(1)
    .max(200)
    .default('groups')
    .describe('Claim with the names of roles or groups; a path with dots goes into it, as realm_access.roles'),
  username_claim: z
    .string()
    .min(1)
    .max(200)
    .default('preferred_username')
    .describe('Claim with the name that is shown; name, email and sub are tried after it'),
  roles: RoleNames,
  default_role: z
    .enum(['viewer'])
    .optional()
    .describe('Role of those whose claim gives none. Absent: they cannot sign in'),
  required_group: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Group that must be in the claim groups, whatever the role; a leading / does not count')
    .meta({ examples: ['/status-dashboard'] }),
  end_session: z.boolean().default(true).describe('Sign out at the provider too, if it offers that'),
  api_tokens: z
    .boolean()
    .default(false)
    .describe('Accept JWTs of this provider that are made out to client_id as bearer tokens of the API'),
});
export type Provider = z.output<typeof Provider>;

const LegacyTokens = z
  .strictObject({
    secret: secret({ minLength: 32 }).describe('The key they are signed with (HS256), at least 32 characters'),
    payload_key: z.string().min(1).max(100).default('stackmon').describe('Member that the payload must have'),
    require_expiry: z
      .boolean()
      .default(true)
      .describe('Refuse those without exp. With false, one that got lost is good for ever'),
  })
  .optional()
  .describe('Accept JWTs made for the status dashboard before this one; they may report signals. Absent: refused');

const count = (least: number, most: number) => z.int().min(least).max(most);

export const Auth = z
  .object({
    session_hours: count(1, 8760).default(168).describe('Hours after which a sign-in ends'),
    session_idle_hours: count(1, 8760).default(48).describe('Hours without a request after which it ends sooner'),
    local: z
      .union([z.literal(true), z.literal('admins-only')])
      .default(true)
      .describe('Who may sign in with a name and a password kept here; administrators always may'),
    providers: z
      .array(Provider)
      .max(20)
      .default([])
      .superRefine((providers, context) => {
        for (const [at, { id }] of providers.entries()) {
          if (providers.findIndex((other) => other.id === id) === at) continue;
          const params = { remedy: 'Give each provider an id of its own.' };
          context.addIssue({ code: 'custom', path: [at, 'id'], message: 'is there twice', params });
        }
      })
      .describe('OpenID Connect providers people sign in with'),
    legacy_tokens: LegacyTokens,
  })
  .prefault({})
  .describe('Sign-in');
export type Auth = z.output<typeof Auth>;
