// The chat page. Keeps everything in this closure and in the DOM: no storage, no history entries, no address changes.

const LIMIT = 20000; // characters as the server counts them: code points
const COUNT_FROM = 18000;
const WORKING_AFTER = 400;
const ANSWER_WITHIN = 30000;
const IDLE = 10 * 60 * 1000; // then the chat is covered before anything is shown
const SILENCE = 70000; // an event stream without a single byte for so long is dead
const LONG_TEXT = 700;
const KINDS = new Set(['text', 'question', 'check', 'emergency', 'notice', 'error']);
const LEVELS = { high: 'warning', elevated: 'caution', not_enough: 'question', none_found: 'lens' };

const $ = (id) => document.getElementById(id);
const [log, box, send, select, cover, talk, composer] = ['log', 'box', 'send', 'language', 'cover', 'talk', 'composer'].map($);
const touch = matchMedia('(hover: none) and (pointer: coarse)');

let texts = readTexts(document);
let language = document.documentElement.lang;
let wanted = language; // asked for, even if the page does not exist in it
let session = null; // { csrf }
let opening = null; // the promise of a session under way
let life = 0; // grows with every session: what belongs to an older one is dropped
let waiting = null; // the message that is being sent
let pressed = null; // a button pressed meanwhile
let failed = null; // the message that was not sent
let after = 0; // the last seq that came in order
let seen = new Set();
let keyboards = []; // buttons and lists that still work
let own = new Map(); // message id -> { bubble, text, spans }
let stream = null;
let wake = null; // ends the pause before the next attempt of the stream
let left = false;
let over = false; // the session has ended and a new one waits for "Start afresh"
let active = Date.now();

// -- small things

function readTexts(source) {
  const found = {};
  for (const root of [source, source.getElementById('texts').content]) {
    for (const node of root.querySelectorAll('[data-text]')) found[node.dataset.text] = node.textContent;
  }
  return found;
}

function t(id, values = {}) {
  return (texts[id] ?? '').replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

function el(name, classes, ...children) {
  const node = document.createElement(name);
  if (classes) node.className = classes;
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function icon(name) {
  return $('icons').content.querySelector(`[data-icon="${name}"]`).cloneNode(true);
}

function button(classes, symbol, title, act) {
  const node = el('button', classes, typeof symbol === 'string' ? icon(symbol) : symbol, el('span', '', title));
  node.type = 'button';
  node.addEventListener('click', act);
  return node;
}

/** Text people wrote: plain, line breaks kept, its own direction. */
function prose(text, classes = '') {
  return String(text).split(/\n{2,}/).filter((part) => part.trim()).map((part) => {
    const node = el('p', classes, part);
    node.dir = 'auto';
    return node;
  });
}

/** The server's words around a receipt code: the code large, on a line of its own. */
function withCode(text, { code, training }) {
  return prose(text).map((node) => {
    const at = code ? node.textContent.indexOf(code) : -1;
    if (training && node.textContent === training) node.className = 'training';
    if (at >= 0) {
      const large = el('strong', 'code', code);
      large.dir = 'ltr';
      large.translate = false;
      const [before, after] = [node.textContent.slice(0, at), node.textContent.slice(at + code.length)];
      node.replaceChildren(before.trimEnd(), large, after.trimStart());
    }
    return node;
  });
}

/** "🚩 Report it" -> the icon and the title; a title without an icon gets an arrow. */
function splitIcon(title) {
  const match = /^(\p{Extended_Pictographic}(?:[\uFE0F\u{1F3FB}-\u{1F3FF}]|\u200D\p{Extended_Pictographic})*|\p{RI}\p{RI})\s*/u.exec(title);
  if (!match) return ['arrow', title];
  const symbol = el('span', 'emoji', match[1]);
  symbol.setAttribute('aria-hidden', 'true');
  return [symbol, title.slice(match[0].length)];
}

function length(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** From the server's offsets (code points) to this language's (UTF-16 units). */
function toUnits(text) {
  const starts = [0];
  for (const point of text) starts.push(starts[starts.length - 1] + point.length);
  return (offset) => starts[Math.max(0, Math.min(offset, starts.length - 1))];
}

// -- network

class Failure extends Error {
  constructor(status, answer = {}) {
    super(String(status));
    this.status = status; // a number, 'network' or 'timeout'
    this.answer = answer;
  }
}

function headers() {
  return session ? { 'X-CSRF': session.csrf } : {};
}

async function post(path, body) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), ANSWER_WITHIN);
  try {
    const response = await fetch(path, {
      method: 'POST',
      cache: 'no-store',
      headers: { 'Content-Type': 'application/json', ...headers() },
      body: JSON.stringify(body),
      signal: control.signal,
    });
    if (!response.ok) throw new Failure(response.status, await response.json().catch(() => ({})));
    return await response.json();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(control.signal.aborted ? 'timeout' : 'network');
  } finally {
    clearTimeout(timer);
  }
}

/** The session, opened if there is none; waits for the person's choice where an older one is still alive. */
function open(resume) {
  opening ??= begin(resume).finally(() => { opening = null; });
  return opening;
}

async function begin(resume) {
  const mine = ++life;
  const answer = await post('/api/sessions', { language, resume });
  if (mine !== life || left) return;
  session = { csrf: answer.csrf };
  over = false;
  const kept = answer.messages ?? [];
  after = kept.reduce((most, message) => Math.max(most, message.seq ?? 0), 0);
  if (answer.resumed && !(await askToContinue())) {
    await forget();
    return begin(false);
  }
  if (mine !== life || left) return;
  if (answer.resumed) {
    log.append(el('p', 'between', t('resumed_note')));
    kept.forEach((item) => {
      if (item.buttons?.length) retire(keyboards); // only the last keyboard still works
      show(item);
    });
    reveal(log.lastElementChild, log.lastElementChild);
  } else {
    kept.forEach(show); // the page stays at its top
  }
  follow(answer.state);
  listen(mine);
}

async function start(resume = true) {
  trouble();
  try {
    await open(resume);
  } catch (failure) {
    if (left) return;
    trouble(t('could_not_start'), button('choice main', 'again', t('retry'), () => start(resume)));
  }
  refresh();
}

/** Ends the session, here at once. Waits a little for the server, so that its answer cannot clear the next cookie. */
async function forget() {
  const sent = session ? exit() : null;
  drop();
  log.replaceChildren();
  await Promise.race([sent, new Promise((resolve) => { setTimeout(resolve, 5000); })]);
}

function exit() {
  return fetch('/api/exit', { method: 'POST', keepalive: true, headers: headers() }).catch(() => {});
}

function drop() {
  life += 1;
  session = null;
  stream?.abort();
  wake?.();
  retire(keyboards);
  seen = new Set();
  own = new Map();
  after = 0;
  failed = null;
  pressed = null;
  strip('owner');
  strip('network');
}

async function afresh() {
  trouble();
  await forget();
  await start(false);
  rest();
}

/** The session is no more. What can be read (numbers) stays until "Start afresh", unless the chat is covered. */
function gone() {
  drop();
  if (uncover) log.replaceChildren();
  finish();
}

function finish() {
  over = true;
  trouble(t('session_gone'), button('choice main', 'again', t('start_afresh'), afresh));
  refresh();
}

// -- sending

/** item: { body: {id, text | payload}, echo: what the person sees of it, code: a language } */
async function deliver(item) {
  if (waiting) return;
  waiting = item;
  failed = null;
  trouble();
  item.retired = item.echo === undefined ? [] : retire(keyboards);
  if (item.echo !== undefined) bubble(item);
  busy(true);
  const dots = setTimeout(() => working(true), WORKING_AFTER);
  let mine = life;
  try {
    if (!session) {
      await open(true);
      if (!session) return;
      if (item.node) { // the greeting came meanwhile, or "Start afresh" emptied the page
        own.set(item.body.id, item.entry);
        log.append(item.node);
      }
    }
    mine = life;
    const answer = await post('/api/messages', item.body);
    if (mine !== life || left) return;
    item.node?.classList.remove('sending');
    if (item.code) {
      if (answer.messages?.some((reply) => reply.buttons?.length)) retire(keyboards);
      await translate(item.code);
    }
    working(false);
    if (answer.state?.ended) return leave(); // the exit word
    receive(answer, item.node);
    follow(answer.state);
  } catch (failure) {
    if (left || (mine !== life && session)) return;
    notSent(item, failure instanceof Failure ? failure : new Failure('network'));
  } finally {
    clearTimeout(dots);
    working(false);
    waiting = null;
    busy(false);
    const next = pressed;
    pressed = null;
    if (next && !next[2].disabled && !failed && !left) sendChoice(...next);
  }
}

function notSent(item, failure) {
  item.node?.remove();
  own.delete(item.body.id);
  for (const live of item.retired) {
    live.disabled = false;
    live.classList.remove('chosen');
  }
  keyboards.push(...item.retired);
  if (item.code) select.value = language;
  if (item.body.text !== undefined) {
    box.value = box.value.trim() ? `${item.body.text}\n\n${box.value}` : item.body.text;
    if (!touch.matches) box.focus({ preventScroll: true });
  }
  refresh();
  if (failure.status === 401) return gone();
  const again = button('choice main', 'again', t('retry'), () => retry(item));
  const lost = item.body.text === undefined ? 'choice_not_sent' : 'not_sent';
  if (failure.status === 413) return trouble(t('too_long', { limit: LIMIT }));
  failed = item;
  if (failure.status === 'timeout') trouble(t('no_answer'), again);
  else if (failure.status === 429) trouble(t('slow_down'), again);
  else trouble(t(lost), failure.status === 409 ? null : again); // 409: it would be refused again
}

function retry(item) {
  if (waiting) return;
  if (item.body.text !== undefined && box.value.startsWith(item.body.text)) {
    box.value = box.value.slice(item.body.text.length).replace(/^\s+/, '');
    refresh();
  }
  if (item.code) select.value = item.code;
  rest();
  deliver(item);
}

function sendText() {
  const text = box.value.trim();
  if (!text || waiting || length(text) > LIMIT || send.disabled) return;
  if (text.toLowerCase() === '/exit') return leave();
  // Unchanged words after a failure keep their id, so that they count once.
  const item = failed?.body.text === text ? failed : { body: { id: crypto.randomUUID(), text }, echo: text };
  box.value = '';
  refresh();
  rest();
  deliver(item);
}

function sendChoice(title, payload, node) {
  if (waiting) { // the stream showed these buttons before the answer to the last message was in
    pressed = [title, payload, node];
    return;
  }
  node.classList.add('chosen');
  const item = { body: { id: crypto.randomUUID(), payload }, echo: title };
  deliver(item);
  item.node?.focus({ preventScroll: true }); // the next Tab reaches the next buttons
}

/** On a phone the keyboard goes away so that the answer can be read. */
function rest() {
  if (touch.matches) document.activeElement?.blur();
  else box.focus({ preventScroll: true });
}

function busy(on) {
  composer.setAttribute('aria-busy', String(on));
  refresh();
}

function retire(buttons) {
  const done = [...buttons];
  for (const live of done) live.disabled = true;
  keyboards = keyboards.filter((live) => !done.includes(live));
  return done;
}

// -- receiving

function receive(answer, from = null) {
  const shown = (answer.messages ?? []).map(show).filter(Boolean);
  if (shown.length) reveal(from && !tall(from) ? from : shown[0], shown[shown.length - 1]);
}

/** state.language: the server's guess has changed the language of the conversation. */
function follow(state) {
  if (!state) return;
  if (state.language && state.language !== wanted) translate(state.language);
  strip('owner', state.owner === 'queue' ? t('owner_queue') : state.owner === 'person' ? t('owner_person') : '');
}

function show(item) {
  if (item.seq !== undefined) {
    if (seen.has(item.seq)) return null;
    seen.add(item.seq);
  }
  log.querySelector('.pending')?.remove();
  if (item.pending) { // "checking…": the answer follows by the stream
    const node = dotted(item.text, 'pending');
    log.append(node);
    return node;
  }
  const kind = KINDS.has(item.kind) ? item.kind : 'text';
  const node = el('article', `message ${kind}`, el('span', 'unseen', t('helper')));
  node.lang = language;
  node.tabIndex = -1;
  if (item.code) node.classList.add('coded');
  if (kind === 'check' && item.check) node.append(checkCard(item.check, item.about));
  const parts = item.preview ? preview(item, node) : item.text ? withCode(item.text, item) : [];
  if (kind === 'emergency' && parts.length) node.append(el('div', 'alert', icon('phone'), parts.shift()));
  node.append(...parts);
  if (item.lines?.length) node.append(numbers(item.lines));
  if (item.buttons?.length) node.append(...choices(item));
  if (failed && item.about === failed.body.id) arrived();
  log.insertBefore(node, log.querySelector('.working'));
  if (kind === 'emergency') announce(String(item.text ?? '').split('\n', 1)[0]);
  return node;
}

/** It had been sent after all: its answer came by the stream. */
function arrived() {
  const item = failed;
  failed = null;
  trouble();
  if (item.body.text !== undefined && box.value === item.body.text) box.value = '';
  retire(item.retired);
  if (item.echo !== undefined) {
    bubble(item);
    item.node.classList.remove('sending');
  }
  refresh();
}

function announce(text) {
  $('alarm').textContent = text;
  setTimeout(() => { $('alarm').textContent = ''; }, 5000);
}

/** The list of many choices, and the buttons that have no place of their own elsewhere in the message. */
function choices(item) {
  const placed = new Set((item.preview ?? []).map((line) => line.remove ?? line.add));
  const listed = item.buttons.filter((one) => one.listed);
  const others = item.buttons.filter((one) => !one.listed && !placed.has(one.payload));
  return [listed.length ? chooser(listed) : null, keyboard(others, item.preview)].filter(Boolean);
}

function keyboard(buttons, first) {
  if (!buttons.length) return null;
  const row = el('div', 'keyboard');
  for (const { title, payload } of buttons) {
    const [symbol, words] = splitIcon(String(title));
    const main = first && !row.childElementCount; // of a preview the server names "send" first
    const node = button(main ? 'choice main' : 'choice', symbol, words, () => sendChoice(title, payload, node));
    keyboards.push(node);
    row.append(node);
  }
  return row;
}

/** Many choices: one list that the keyboard can search, and a button, because arrows alone must not send. */
function chooser(buttons) {
  const list = el('select', '', new Option(t('choose_first'), ''));
  list.autocomplete = 'off';
  list.ariaLabel = t('choose_first');
  list.append(...buttons.map(({ title }, index) => new Option(title, String(index))));
  const take = button('choice', 'arrow', t('choose'), () => {
    const one = buttons[list.value];
    if (list.value === '') list.focus();
    else sendChoice(one.title, one.payload, take);
  });
  keyboards.push(list, take);
  return el('div', 'chooser', list, take);
}

/** A report's lines, each with the button that takes it out, or puts it in. Older previews say no longer what would be sent. */
function preview(item, node) {
  const older = log.querySelectorAll('.preview');
  for (const old of older) {
    for (const live of old.querySelectorAll('button')) live.remove();
    old.classList.add('old');
  }
  node.classList.add('preview');
  const list = el('ol', 'lines', ...item.preview.map(previewLine));
  if (older.length) list.setAttribute('aria-live', 'off'); // it was read out once; a change is one line
  const [before, after] = item.around;
  return [...withCode(before, item), list, ...withCode(after, item)];
}

function previewLine({ number, label, value, remove, add }) {
  const words = el('span', 'value', value);
  words.dir = 'auto';
  const line = el('li', '', el('span', 'digit', `${number}.`), el('div', '', el('span', 'label', label), words));
  if (add) line.classList.add('left-out');
  if (remove || add) {
    const sign = add ? '➕' : '✂️';
    const symbol = el('span', 'emoji', sign);
    symbol.ariaHidden = 'true';
    const cut = button('choice strike', symbol, '', () => sendChoice(`${sign} ${number}. ${label}`, remove ?? add, cut));
    cut.lastChild.remove();
    cut.ariaLabel = t(add ? 'put_in' : 'strike', { n: number, label });
    cut.title = cut.ariaLabel;
    keyboards.push(cut);
    line.append(cut);
  }
  return line;
}

function numbers(lines) {
  const list = el('ul', 'numbers');
  for (const line of lines) {
    const callable = /^tel:\+?[\d().\s-]{2,24}$/.test(line.href ?? '');
    const note = [line.note, line.hours].filter(Boolean).join(' · ');
    const card = el(callable ? 'a' : 'div', 'number', icon('phone'),
      el('span', 'who', line.name ?? ''), el('bdi', 'digits', line.number ?? ''), note ? el('span', 'note', note) : null);
    if (callable) card.href = line.href.replace(/\s/g, '');
    list.append(el('li', '', card));
  }
  return list;
}

// -- the person's words

function bubble(item) {
  const words = el('div', 'words');
  words.dir = 'auto';
  words.translate = false;
  const node = el('article', 'message own sending', el('span', 'unseen', t('you')), words);
  node.setAttribute('aria-live', 'off'); // nobody needs their own offer read back
  node.tabIndex = -1;
  const entry = { node, words, text: item.echo, signs: new Map() };
  paint(entry);
  if (item.echo.length > LONG_TEXT || item.echo.split('\n').length > 14) {
    node.classList.add('clipped');
    const more = button('plain', 'more', t('show_all'), () => unclip(entry));
    more.classList.add('unclip');
    node.append(more);
  }
  item.node = node;
  item.entry = entry;
  own.set(item.body.id, entry);
  log.append(node);
  reveal(node, node, true);
}

function unclip(entry) {
  const more = entry.node.querySelector('.unclip');
  if (!more) return;
  const focused = more === document.activeElement;
  more.remove();
  entry.node.classList.remove('clipped');
  if (focused) entry.node.focus({ preventScroll: true });
}

/** The words with their evidence marked; spans of several signs may overlap. */
function paint(entry) {
  const spans = [...entry.signs].flatMap(([sign, list]) => list.map(([from, to]) => ({ sign, from, to })));
  const cuts = [...new Set([0, entry.text.length, ...spans.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  entry.words.replaceChildren(...cuts.slice(0, -1).map((from, index) => {
    const piece = entry.text.slice(from, cuts[index + 1]);
    const signs = spans.filter((span) => span.from <= from && span.to >= cuts[index + 1]).map(({ sign }) => sign);
    if (!signs.length) return document.createTextNode(piece);
    const mark = el('mark', '', piece);
    mark.dataset.signs = ` ${signs.join(' ')} `;
    mark.tabIndex = -1;
    return mark;
  }));
}

function marksOf(entry, sign) {
  return [...entry.words.querySelectorAll('mark')].filter((mark) => mark.dataset.signs.includes(` ${sign} `));
}

/** Evidence -> spans in this page's units, only where they really hold those words. */
function spansOf(entry, evidence) {
  const at = toUnits(entry.text);
  return evidence.map(({ text, start, end }) => {
    const from = at(start);
    if (entry.text.slice(from, at(end)) === text) return [from, at(end)];
    const found = entry.text.indexOf(text);
    return found < 0 || !text ? null : [found, found + text.length];
  }).filter(Boolean);
}

// -- the check's card

function checkCard(check, about) {
  const level = LEVELS[check.level] ? check.level : 'not_enough';
  const entry = own.get(about);
  const signs = check.signs ?? [];
  if (entry) {
    for (const sign of signs) entry.signs.set(sign.id, spansOf(entry, sign.evidence ?? []));
    paint(entry);
  }
  const card = el('div', `check level-${level}`);
  card.dataset.level = level;
  const verdict = el('h3', 'level', icon(LEVELS[level]), el('span', '', check.level_text ?? ''));
  card.append(verdict);
  if (check.summary) card.append(...prose(check.summary));
  if (check.concern_text) card.append(...prose(check.concern_text, 'concern'));
  if (signs.length) {
    card.append(el('h4', '', t('signs_title')), el('ol', 'signs', ...signs.map((sign) => signItem(sign, entry))));
  }
  listPart(card, t('missing_title'), check.missing_text);
  listPart(card, t('questions_title'), check.questions?.map((question) => question.text ?? question));
  if (check.limits) card.append(el('p', 'source', check.limits));
  if (check.training) card.append(el('p', 'training', check.training));
  return card;
}

function listPart(card, title, items) {
  if (!items?.length) return;
  const part = el('div', 'part', el('h4', '', title));
  part.append(el('ul', '', ...items.map((item) => el('li', '', String(item)))));
  card.append(part);
}

function signItem(sign, entry) {
  const item = el('li', 'sign');
  const head = el('p', 'sign-title', el('strong', '', sign.title ?? ''));
  if (t(`severity_${sign.severity}`)) head.append(' ', el('span', `severity severity-${sign.severity}`, t(`severity_${sign.severity}`)));
  item.append(head);
  for (const { text } of sign.evidence ?? []) {
    const quote = el('q', '', text);
    quote.dir = 'auto';
    quote.translate = false;
    item.append(el('blockquote', '', quote));
  }
  if (sign.confirmed_text) item.append(el('p', 'source', sign.confirmed_text));
  if (sign.meaning) item.append(...prose(sign.meaning, 'meaning'));
  if (sign.source_text) item.append(el('p', 'source', sign.source_text));
  if (entry && marksOf(entry, sign.id).length) {
    item.append(button('plain', 'eye', t('show_words'), () => {
      unclip(entry);
      const marks = marksOf(entry, sign.id);
      heat(entry, sign.id);
      marks[0]?.focus({ preventScroll: true });
      marks[0]?.scrollIntoView({ block: 'center' });
    }));
    for (const event of ['pointerenter', 'focusin']) item.addEventListener(event, () => heat(entry, sign.id));
    item.addEventListener('pointerleave', () => {
      const at = document.activeElement; // still here, or just sent to the words
      heat(entry, item.contains(at) || marksOf(entry, sign.id).includes(at) ? sign.id : null);
    });
  }
  return item;
}

function heat(entry, sign) {
  for (const hot of log.querySelectorAll('mark.hot')) hot.classList.remove('hot');
  if (sign !== null) for (const mark of marksOf(entry, sign)) mark.classList.add('hot');
}

// -- the stream

async function listen(mine) {
  let pause = 1000;
  let misses = 0;
  while (mine === life && session && !left) {
    const control = new AbortController();
    stream = control;
    let timer = setTimeout(() => control.abort(), SILENCE);
    try {
      const response = await fetch(`/api/events?after=${after}`, {
        cache: 'no-store',
        headers: { Accept: 'text/event-stream', ...headers() },
        signal: control.signal,
      });
      if (mine !== life) return;
      if (response.status === 401 && !waiting) return gone();
      if (!response.ok) throw new Failure(response.status);
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let unread = '';
      strip('network', navigator.onLine ? '' : t('offline'));
      for (;;) {
        const { done, value } = await reader.read();
        if (mine !== life || left) return control.abort();
        if (done) break;
        clearTimeout(timer);
        timer = setTimeout(() => control.abort(), SILENCE);
        pause = 1000;
        misses = 0;
        const blocks = (unread + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
        unread = blocks.pop();
        blocks.forEach(event);
      }
    } catch {
      misses += 1;
    } finally {
      clearTimeout(timer);
    }
    if (mine !== life || left) return;
    if (misses >= 3) strip('network', t(navigator.onLine ? 'reconnecting' : 'offline'));
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, pause * (0.8 + Math.random() * 0.4));
    });
    pause = Math.min(pause * 2, 30000);
  }
}

function event(block) {
  const data = block.split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).replace(/^ /, ''));
  if (!data.length) return;
  let item;
  try {
    item = JSON.parse(data.join('\n'));
  } catch {
    return;
  }
  if (item.state) {
    if (item.state.ended && !waiting) return gone(); // or the answer under way says it
    follow(item.state);
  }
  if (item.kind === undefined) return;
  after = Math.max(after, item.seq ?? 0);
  const near = window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 240;
  const node = show(item);
  if (node && (near || item.kind === 'emergency')) reveal(node, node);
}

// -- the page

function strip(id, text = '') {
  const node = $(id);
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

function trouble(text = '', action = null) {
  const node = $('trouble');
  node.replaceChildren(...(text ? [el('p', '', text), action].filter(Boolean) : []));
  node.hidden = !text;
}

function working(on) {
  log.querySelector('.working:not(.pending)')?.remove();
  if (!on || !waiting) return;
  const node = dotted(t('working'));
  log.append(node);
  reveal(node, node);
}

function dotted(text, classes = '') {
  return el('p', `message working ${classes}`, el('span', 'dots', el('i'), el('i'), el('i')), text);
}

/** The state of the composer: height, counter, whether anything can be sent. */
function refresh() {
  box.rows = 1;
  const most = window.innerHeight < 560 ? 4 : 9;
  while (box.rows < most && box.scrollHeight > box.clientHeight + 1) box.rows += 1;
  const count = length(box.value.trim());
  const beyond = count - LIMIT;
  strip('limit', beyond > 0 ? t('too_long', { limit: LIMIT }) : '');
  strip('count', beyond > 0 ? t('count_over', { n: beyond }) : count > COUNT_FROM ? t('count_left', { n: LIMIT - count }) : '');
  if (beyond > 0) box.setAttribute('aria-invalid', 'true');
  else box.removeAttribute('aria-invalid');
  send.disabled = Boolean(waiting) || beyond > 0 || !count || over;
}

function tall(node) {
  return node.getBoundingClientRect().height > window.innerHeight / 3;
}

/** Scrolls as little as shows all of it, or its beginning where it does not fit. */
function reveal(first, last, always = false) {
  if (!first || talk.hidden) return;
  const top = Math.max(...['top', 'exit'].map((id) => $(id).getBoundingClientRect().bottom)) + 12;
  const bottom = Math.min(composer.getBoundingClientRect().top, window.innerHeight) - 16;
  const from = first.getBoundingClientRect().top;
  const to = last.getBoundingClientRect().bottom;
  const by = to - from <= bottom - top || always ? to - bottom : from - top;
  if (by > 0 || from < top) window.scrollBy(0, by);
}

/** A neutral cover before anything is shown; resolves to true for "Continue". */
let uncover = null;
function askToContinue() {
  if (uncover) return uncover.promise;
  const shown = new Promise((resolve) => {
    const choose = (on) => {
      uncover = null;
      cover.hidden = true;
      talk.hidden = composer.hidden = false;
      active = Date.now();
      resolve(on);
      refresh();
    };
    $('continue').onclick = () => choose(true);
    $('afresh').onclick = () => choose(false);
  });
  uncover = { promise: shown };
  talk.hidden = composer.hidden = true;
  cover.hidden = false;
  window.scrollTo(0, 0);
  $('cover-title').focus({ preventScroll: true });
  return shown;
}

async function coverNow() {
  if (uncover || left || !session) return;
  if (await askToContinue()) {
    wake?.();
    reveal(log.lastElementChild, log.lastElementChild);
    rest();
  } else {
    box.value = '';
    afresh();
  }
}

function idle() {
  if (Date.now() - active > IDLE) coverNow();
}

/** The page's own words in another language, without loading it anew: what was said stays on the screen. */
async function translate(code) {
  wanted = code;
  try {
    const response = await fetch('/', { cache: 'no-store', headers: { Accept: 'text/html', 'Accept-Language': code } });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (left || page.documentElement.lang !== code) return;
    texts = readTexts(page);
    language = code;
    document.documentElement.lang = code;
    document.documentElement.dir = page.documentElement.dir;
    document.title = page.title;
    for (const node of document.querySelectorAll('[data-text]')) node.textContent = t(node.dataset.text);
    box.placeholder = page.getElementById('box').placeholder;
  } catch {
    // The answers come in the new language all the same.
  } finally {
    select.value = language;
    refresh();
  }
}

// -- leave quickly

function leave() {
  if (!left) {
    left = true;
    life += 1;
    exit();
    stream?.abort();
    box.value = '';
    session = null;
    own = new Map();
    document.body.replaceChildren();
  }
  location.replace(document.body.dataset.exitUrl);
}

let shifts = [];
let escapes = [];
let alone = false;

function recent(times, within) {
  const now = Date.now();
  return [...times.filter((time) => now - time < within), now];
}

window.addEventListener('keydown', (key) => {
  active = uncover ? active : Date.now();
  if (left) return key.preventDefault(); // Escape would stop the page that is coming
  if (key.key === 'Escape' && !key.isComposing) {
    if (key.repeat) return;
    key.preventDefault();
    escapes = recent(escapes, 3000);
    if (escapes.length >= 2) leave();
  } else {
    escapes = [];
  }
  if (key.key === 'Shift') {
    if (!key.repeat) alone = !key.altKey && !key.ctrlKey && !key.metaKey;
  } else {
    alone = false; // Shift with another key is writing, or a change of keyboard layout
    shifts = [];
  }
}, true);

window.addEventListener('keyup', (key) => {
  if (left || key.key !== 'Shift' || !alone) return;
  alone = false;
  shifts = recent(shifts, 3000);
  if (shifts.length >= 3) leave();
}, true);

window.addEventListener('wheel', () => {
  active = uncover ? active : Date.now();
}, { passive: true });

window.addEventListener('pointerdown', () => {
  alone = false;
  shifts = [];
  active = uncover ? active : Date.now();
}, true);

$('exit').addEventListener('click', (click) => {
  click.preventDefault();
  leave();
});
$('exit').addEventListener('keydown', (key) => {
  if (key.key !== ' ') return;
  key.preventDefault();
  leave();
});

// -- the events

$('skip').addEventListener('click', (click) => {
  click.preventDefault(); // a fragment would be a history entry
  (composer.hidden ? $('cover-title') : box).focus();
});

box.addEventListener('input', refresh);

box.addEventListener('keydown', (key) => {
  if (key.key !== 'Enter' || key.shiftKey || key.isComposing || touch.matches) return;
  key.preventDefault();
  sendText();
});

send.addEventListener('click', sendText);

function hasPicture(data) {
  return [...(data?.items ?? [])].some((item) => item.kind === 'file') && !data.getData('text/plain');
}

function takeInto(data, happening) {
  if (hasPicture(data)) {
    happening.preventDefault();
    trouble(t('image_not_yet'));
    return;
  }
  if (happening.target === box || composer.hidden) return;
  if (happening.target instanceof HTMLSelectElement) return;
  const text = data?.getData('text/plain');
  if (!text) return;
  happening.preventDefault();
  box.value += text;
  box.focus();
  refresh();
}

document.addEventListener('paste', (paste) => takeInto(paste.clipboardData, paste));
document.addEventListener('dragover', (drag) => {
  if (drag.target !== box || drag.dataTransfer?.types.includes('Files')) drag.preventDefault();
});
document.addEventListener('drop', (drop) => {
  if (drop.dataTransfer?.types.includes('Files')) drop.preventDefault(); // never open it in place of the chat
  takeInto(drop.dataTransfer, drop);
});

select.addEventListener('change', async () => {
  const code = select.value;
  while (waiting) await new Promise((resolve) => { setTimeout(resolve, 100); });
  select.value = code;
  if (session && !uncover) deliver({ body: { id: crypto.randomUUID(), payload: `language:${code}` }, code });
  else translate(code);
});

window.addEventListener('offline', () => strip('network', t('offline')));
window.addEventListener('online', () => {
  strip('network');
  wake?.();
});
window.addEventListener('resize', refresh);
window.addEventListener('pagehide', () => {
  if (!left) coverNow(); // a page brought back from the browser's cache comes back covered
});
window.addEventListener('pageshow', (shown) => {
  if (shown.persisted && left) leave();
  else if (shown.persisted) wake?.();
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') idle();
});
setInterval(idle, 15000);

if (!navigator.onLine) strip('network', t('offline'));
refresh();
start();
