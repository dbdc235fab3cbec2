// The frame of a dialog. Native <dialog>: focus stays inside, Esc leaves.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { send, type CommandBody } from './commands';
import { current, dialog, notice } from './state';

function close(): void {
  dialog.value = null;
  document.querySelector<HTMLElement>('#list')?.focus();
}

// `other`: a second way to end it, with a command of its own.
type Other = { label: string; body: () => CommandBody };
export function Box({ title, children, onSubmit, submit, ready = true, other }: { title: string; children: ComponentChildren; onSubmit?: () => CommandBody; submit?: string; ready?: boolean; other?: Other }) {
  const box = useRef<HTMLDialogElement>(null);
  // The incident as it was when the dialog opened: what the operator decides on is what was shown, until a conflict told what changed.
  const shownFor = useRef(current.peek()!);
  const focused = useRef(false);
  const sending = useSignal(false);
  const failed = useSignal('');
  useEffect(() => {
    if (!box.current!.open) box.current!.showModal();
    // What comes first may have to be loaded; it takes the focus once, when it is there.
    const first = focused.current ? null : box.current!.querySelector<HTMLElement>('[data-first]');
    if (first) focused.current = true;
    first?.focus();
  });
  // What was written stays until it is done: a conflict or a lost connection takes nothing away.
  const finish = async (body: CommandBody) => {
    sending.value = true;
    failed.value = '';
    const done = await send(shownFor.current, body);
    sending.value = false;
    if (done) return close();
    failed.value = notice.peek()?.text ?? '';
    if (box.current) notice.value = null;
    shownFor.current = current.peek()?.id === shownFor.current.id ? current.peek()! : shownFor.current;
  };
  const done = (event: Event) => {
    event.preventDefault();
    if (onSubmit && ready && !sending.value) void finish(onSubmit());
  };
  const ctrlEnter = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.ctrlKey) done(event);
  };
  return (
    <dialog ref={box} onClose={close} aria-label={title}>
      <form onSubmit={done} onKeyDown={ctrlEnter}>
        <h2>{title}</h2>
        {children}
        {failed.value ? (
          <p class="late" role="alert" data-test="failed">
            {failed.value}
          </p>
        ) : null}
        {sending.value && notice.value ? <p class="quiet">{notice.value.text}</p> : null}
        <div class="buttons">
          {submit ? <button disabled={!ready || sending.value}>{sending.value ? 'Đang gửi…' : submit}</button> : null}
          {other ? (
            <button type="button" disabled={sending.value} onClick={() => void finish(other.body())}>
              {other.label}
            </button>
          ) : null}
          <button type="button" onClick={() => box.current!.close()}>
            {submit ? 'Thôi' : 'Đóng'} <kbd>Esc</kbd>
          </button>
        </div>
      </form>
    </dialog>
  );
}

export function Note({ text, label, first }: { text: { value: string }; label: string; first?: boolean }) {
  return (
    <label>
      {label}
      <textarea rows={3} maxLength={2000} data-first={first || undefined} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
    </label>
  );
}
