import { useSignal } from '@preact/signals';
import { render } from 'preact';
import '../shared/base.css';
import './login.css';
import { api } from '../live/api';

/** Only a path of this site: never where a link from outside would like to send a person who just logged in. */
function nextPage(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '/desk';
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/desk';
}

function Login() {
  const error = useSignal('');
  const busy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    busy.value = true;
    error.value = '';
    try {
      const answer = await api.login(String(form.get('name')), String(form.get('password')));
      if (answer.ok) return location.replace(nextPage());
      error.value =
        answer.status === 401 || answer.status === 403 ? 'Tên hoặc mật khẩu không đúng.'
        : answer.status === 429 ? 'Thử sai quá nhiều lần. Đợi một lát rồi thử lại.'
        : `Máy chủ trả lời lỗi ${answer.status}. Thử lại sau.`;
    } catch {
      error.value = 'Không có kết nối tới máy chủ. Kiểm tra mạng rồi thử lại.';
    }
    busy.value = false;
  };
  return (
    <main>
      <h1>IOC Thái Nguyên</h1>
      <form onSubmit={submit}>
        <label>
          Tên
          <input name="name" autocomplete="username" autocapitalize="none" required autofocus />
        </label>
        <label>
          Mật khẩu
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="error" role="alert">
          {error.value}
        </p>
        <button disabled={busy.value}>{busy.value ? 'Đang đăng nhập…' : 'Đăng nhập'}</button>
      </form>
    </main>
  );
}

render(<Login />, document.getElementById('app')!);
