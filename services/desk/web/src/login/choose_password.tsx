// What a one-time password is good for: choosing another one.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { api, kPasswordCharsMin } from '../live/api';

function refusal(status: number, field: string | undefined): string {
  if (status === 403 && field === 'current_password') return 'Mật khẩu dùng một lần không đúng.';
  if (status === 422) return `Mật khẩu mới phải khác mật khẩu cũ và dài ít nhất ${kPasswordCharsMin} ký tự.`;
  if (status === 429) return 'Thử sai quá nhiều lần. Đợi một lát rồi thử lại.';
  if (status === 401) return 'Phiên làm việc đã hết. Tải lại trang rồi đăng nhập lại.';
  return `Máy chủ trả lời lỗi ${status}. Thử lại sau.`;
}

/** `current`: the one-time password, or '' where it has to be typed again. */
export function ChoosePassword({ current, done }: { current: string; done: () => void }) {
  const error = useSignal('');
  const busy = useSignal(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const fresh = String(form.get('new_password'));
    if ([...fresh].length < kPasswordCharsMin) {
      error.value = `Mật khẩu mới cần ít nhất ${kPasswordCharsMin} ký tự.`;
      return;
    }
    if (fresh !== String(form.get('again'))) {
      error.value = 'Hai lần nhập mật khẩu mới không giống nhau.';
      return;
    }
    busy.value = true;
    error.value = '';
    try {
      const answer = await api.changePassword(current || String(form.get('current')), fresh);
      if (answer.ok) return done();
      const problem = (await answer.json().catch(() => null)) as { field?: string } | null;
      error.value = refusal(answer.status, problem?.field);
    } catch {
      error.value = 'Không có kết nối tới máy chủ. Kiểm tra mạng rồi thử lại.';
    }
    busy.value = false;
  };
  return (
    <main data-test="choose-password">
      <h1>Đặt mật khẩu mới</h1>
      <p>Mật khẩu vừa dùng chỉ có giá trị một lần. Đặt mật khẩu của riêng bạn, ít nhất {kPasswordCharsMin} ký tự, rồi tiếp tục.</p>
      <form onSubmit={submit}>
        {!current && (
          <label>
            Mật khẩu dùng một lần
            <input ref={first} name="current" type="password" autocomplete="current-password" required />
          </label>
        )}
        <label>
          Mật khẩu mới
          <input ref={current ? first : undefined} name="new_password" type="password" autocomplete="new-password" required />
        </label>
        <label>
          Nhập lại mật khẩu mới
          <input name="again" type="password" autocomplete="new-password" required />
        </label>
        <p class="error" role="alert">
          {error.value}
        </p>
        <button disabled={busy.value}>{busy.value ? 'Đang lưu…' : 'Lưu và tiếp tục'}</button>
      </form>
    </main>
  );
}
