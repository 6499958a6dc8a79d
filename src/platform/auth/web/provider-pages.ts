import { AppError } from '../../../core/index.ts';
import type { Provider } from '../../config/index.ts';
import { buttonLink, card } from '../../design/index.ts';
import { type Html, html } from '../../html/index.ts';
import type { Answer, Page, Visit, Web } from '../../http/index.ts';
import {
  beginSignIn,
  endSessionUrl,
  finishSignIn,
  noFlowCookie,
  type ProviderProblem,
  ProviderRefusal,
} from '../actions/provider-sign-in.ts';
import type { SignedOut } from '../actions/sessions.ts';
import type { AuthContext } from '../context.ts';
import { originOf } from './form-answers.ts';
import { providerMessages } from './provider-messages.ts';
import { pathAfterSignIn } from './return-path.ts';

const STATUS: Record<ProviderProblem, number> = {
  no_flow: 400,
  unreachable: 503,
  declined: 403,
  rejected: 403,
  no_role: 403,
  not_in_group: 403,
  disabled: 403,
};

/** `/login/:provider` leads to the provider, `/auth/:provider` takes back whom it sends. */
export function registerProviderPages(web: Web, ctx: AuthContext): void {
  web.page('/login/:provider', {}, (visit) =>
    orRefused(ctx, visit, async (provider) => {
      const returnTo = pathAfterSignIn(visit.query.get('returnTo'));
      const { location, cookie } = await beginSignIn(ctx, provider, returnTo);
      return sendTo(location, [cookie]);
    }),
  );

  web.page('/auth/:provider', {}, (visit) =>
    orRefused(ctx, visit, async (provider) => {
      const { cookies, returnTo } = await finishSignIn(ctx, provider, { query: visit.query, origin: originOf(visit) });
      return sendTo(visit.link(pathAfterSignIn(returnTo)), cookies);
    }),
  );
}

/** The buttons on the page of sign-in; nothing without a provider. */
export function providersCard(ctx: AuthContext, visit: Visit, returnTo: string): Html | false {
  const providers = ctx.providers.all();
  if (providers.length === 0) return false;
  const words = providerMessages(visit.language);
  const query = returnTo === '/' ? '' : `?returnTo=${encodeURIComponent(returnTo)}`;
  const body = providers.map(
    (provider) =>
      html`<p>${buttonLink(visit.link(`/login/${provider.id}${query}`), words.signInWith(labelOf(provider)), 'primary')}</p>${
        ctx.providers.isAway(provider) && html`<p class="hint">${words.away(labelOf(provider))}</p>`
      }`,
  );
  return card({ title: words.withProvider, body: html`${body}` });
}

/**
 * The page after signing out of a session that came from a provider, which leads on there by itself. It is no redirect:
 * a form may lead to our own pages only (form-action), and browsers hold its redirects to that too.
 */
export async function leavingPage(ctx: AuthContext, visit: Visit, { cookies, from }: SignedOut): Promise<Page | null> {
  const url = from === null ? null : await endSessionUrl(ctx, from);
  if (from === null || url === null) return null;
  const words = providerMessages(visit.language);
  const label = providerLabel(ctx, from.provider);
  const main = html`<h1>${words.leavingTitle}</h1><p>${words.leaving(label)}</p>
<p>${buttonLink(url, words.leave(label), 'primary')}</p>`;
  const headers = { 'set-cookie': cookies.join(', '), refresh: `0; url=${url}`, 'referrer-policy': 'no-referrer' };
  return { title: words.leavingTitle, main, status: 200, headers };
}

/** What people call a provider; its id when it is configured no more. */
export function providerLabel(ctx: AuthContext, id: string): string {
  const provider = ctx.providers.find(id);
  return provider ? labelOf(provider) : id;
}

function labelOf(provider: Provider): string {
  return provider.label ?? provider.id;
}

async function orRefused(
  ctx: AuthContext,
  visit: Visit,
  work: (provider: Provider) => Promise<Answer>,
): Promise<Page | Answer> {
  const provider = ctx.providers.find(visit.params['provider'] ?? '');
  if (!provider) throw new AppError('not_found', 'There is no sign-in provider of this name.');
  try {
    return await work(provider);
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    return refusedPage(ctx, visit, { provider, problem: error.problem });
  }
}

function refusedPage(ctx: AuthContext, visit: Visit, about: { provider: Provider; problem: ProviderProblem }): Page {
  const words = providerMessages(visit.language);
  const { provider, problem } = about;
  const main = html`<h1>${words.refusedTitle}</h1><p>${words.problem(problem, labelOf(provider))}</p>
<p>${buttonLink(visit.link('/login'), words.backToSignIn, 'primary')}</p>`;
  const headers = { 'set-cookie': noFlowCookie(ctx) };
  return { title: words.refusedTitle, main, status: STATUS[problem], headers };
}

function sendTo(location: string, cookies: string[]): Answer {
  return { status: 303, type: 'text/plain; charset=utf-8', body: '', headers: { location, 'set-cookie': cookies } };
}
