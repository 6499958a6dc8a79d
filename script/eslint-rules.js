/**
 * Two rules of ours. Both look at names, so they hold where the names of the contracts are used: `write`, `publish`,
 * `requireRole`, `requireScope`, `requireReporter`, `emitAudit`.
 */

const PERMISSIONS = ['requireRole', 'requireScope', 'requireReporter'];
const EXEMPTION = /\bmachine-driven:\s*\S+/;

function calledName(node) {
  if (node.callee.type === 'Identifier') return node.callee.name;
  if (node.callee.type === 'MemberExpression' && node.callee.property.type === 'Identifier') {
    return node.callee.property.name;
  }
  return null;
}

/** `db.write(…)`, `ctx.db.write(…)`: a transaction, and not a stream's or a socket's `write`. */
function opensTransaction(node) {
  if (calledName(node) !== 'write' || node.callee.type !== 'MemberExpression') return false;
  const holder = node.callee.object;
  const name = holder.type === 'MemberExpression' ? holder.property.name : holder.name;
  return /^(db|database)$/i.test(name ?? '');
}

const actionIsGuarded = {
  meta: {
    type: 'problem',
    docs: { description: 'An action that opens a transaction asks for permission and leaves an audit row.' },
    messages: {
      permission: 'This file opens a transaction without requireRole, requireScope or requireReporter.',
      audit: 'This file opens a transaction without emitAudit.',
      howTo:
        'If only machines call it, with the `system` actor or behind a checked secret, say so in a comment: "machine-driven: <who calls and what guards it>".',
    },
    schema: [],
  },
  create(context) {
    const called = new Set();
    let transaction = null;
    return {
      CallExpression(node) {
        called.add(calledName(node));
        if (opensTransaction(node)) transaction ??= node;
      },
      'Program:exit'() {
        if (transaction === null) return;
        if (context.sourceCode.getAllComments().some((comment) => EXEMPTION.test(comment.value))) return;
        const permitted = PERMISSIONS.some((name) => called.has(name));
        const audited = called.has('emitAudit');
        if (!permitted) context.report({ node: transaction, messageId: 'permission' });
        if (!audited) context.report({ node: transaction, messageId: 'audit' });
        if (!permitted || !audited) context.report({ node: transaction, messageId: 'howTo' });
      },
    };
  },
};

/** The nearest functions around a node, innermost first. */
function functionsAround(node) {
  const found = [];
  for (let at = node.parent; at; at = at.parent) if (/Function/.test(at.type)) found.push(at);
  return found;
}

function parameterNames(fn) {
  return fn.params.map((parameter) => (parameter.type === 'Identifier' ? parameter.name : null));
}

const publishInTransaction = {
  meta: {
    type: 'problem',
    docs: { description: 'Events are written in the transaction of the change.' },
    messages: {
      noTransaction: 'publish() takes the transaction first: journal.publish(tx, type, event).',
      foreign: 'publish() is given "{{name}}", which no function around it received: pass the transaction of the unit.',
    },
    schema: [],
  },
  create(context) {
    return {
      CallExpression(node) {
        if (calledName(node) !== 'publish' || node.callee.type !== 'MemberExpression') return;
        const holder = node.callee.object;
        const holderName = holder.type === 'MemberExpression' ? holder.property.name : holder.name;
        if (holderName !== 'journal') return;
        const [first] = node.arguments;
        if (first?.type !== 'Identifier') {
          context.report({ node, messageId: 'noTransaction' });
          return;
        }
        const received = functionsAround(node).some((fn) => parameterNames(fn).includes(first.name));
        if (!received) context.report({ node, messageId: 'foreign', data: { name: first.name } });
      },
    };
  },
};

export default {
  meta: { name: 'signalbox' },
  rules: { 'action-is-guarded': actionIsGuarded, 'publish-in-transaction': publishInTransaction },
};
