import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import '../shared/base.css';
import './login.css';
import { api, hasToChangePassword } from '../live/api';
import { ChoosePassword } from './choose_password';

/** Only a path of this site: never where a link from outside would like to send a person who just logged in. */
function nextPage(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '/desk';
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/desk';
}

function goOn(): void {
  location.replace(nextPage());
}

function Login() {
  const error = useSignal('');
  const busy = useSignal(false);
  const oneTime = useSignal<string | null>(null); // the password just used, when another has to be chosen
  useEffect(() => {
    // Somebody who logged in with a one-time password and came back later: the session is there, the password is not.
    void api.mustChangePassword().then((must) => {
      if (must) oneTime.value = '';
    });
  }, []);
  if (oneTime.value !== null) return <ChoosePassword current={oneTime.value} done={goOn} />;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const password = String(form.get('password'));
    busy.value = true;
    error.value = '';
    try {
      const answer = await api.login(String(form.get('name')), password);
      if (answer.ok) {
        if (await hasToChangePassword(answer)) oneTime.value = password;
        else goOn();
        return;
      }
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
