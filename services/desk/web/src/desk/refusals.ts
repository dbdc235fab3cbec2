// Why the server refused a command, in Vietnamese. What has no words here is shown as the server wrote it.

import type { Problem } from '../live/wire';

const kWords: [RegExp, string][] = [
  [/^it is acknowledged already$/, 'báo động đã có người nhận'],
  [/^there is no queue (.+)$/, 'không có hàng việc $1'],
  [/^name a queue or a person$/, 'cần chọn hàng việc hoặc người phụ trách'],
  [/^name 1 to 50 units$/, 'cần chọn 1 đến 50 đơn vị'],
  [/^it is forwarded to 50 units already$/, 'đã chuyển tới 50 đơn vị, không thêm được nữa'],
  [/^it is open$/, 'sự việc đang mở'],
  [/^it was relocated; go on with (.+)$/, 'sự việc đã chuyển sang vùng khác; làm tiếp ở $1'],
  [/^it is merged into (.+); unmerge it first$/, 'sự việc đã gộp vào $1; bỏ gộp trước'],
  [/^it is (?:resolved|closed|rejected); reopen it first$/, 'sự việc không còn mở; mở lại trước'],
  [/^an incident is not merged into itself$/, 'không gộp một sự việc vào chính nó'],
  [/^(.+) is in another area; relocate one of the two first$/, 'sự việc kia thuộc vùng khác; chuyển địa bàn một trong hai trước'],
  [/^there is no incident .+$/, 'không có sự việc đó'],
  [/^(.+) is merged into (.+); merge into that one$/, 'sự việc kia đã gộp vào $2; hãy gộp vào đó'],
  [/^.+ is (?:resolved|closed|rejected); reopen it first$/, 'sự việc kia không còn mở; mở lại trước'],
  [/^(?:one of them|it) is still arriving from another area; try again$/, 'sự việc còn đang chuyển tới từ vùng khác; thử lại sau ít giây'],
  [/^no more than (\d+) incidents are merged into one$/, 'không gộp quá $1 sự việc thành một'],
  [/^it is not merged/, 'sự việc này không gộp vào đâu, cũng không có sự việc nào gộp vào'],
  [/^nobody has chosen otherwise than triage/, 'chưa ai sửa lựa chọn của hệ thống, không có gì để trả về'],
  [/^others are merged into it; take them apart first$/, 'có sự việc khác gộp vào; bỏ gộp trước'],
  [/is not in this incident itself; take apart what was merged first$/, 'có tin thuộc một sự việc đã gộp vào đây; bỏ gộp trước rồi mới tách'],
  [/^nothing would be left in it/, 'phải còn ít nhất một tin ở lại'],
  [/^nothing was changed; send the same request again$/, 'máy chủ không ghi được lệnh, chưa có gì thay đổi; thử lại, nếu vẫn vậy thì báo kỹ thuật trực'],
  [/^it is not known whether the command was taken; send the same request again$/, 'máy chủ chưa ghi xong, chưa rõ lệnh đã vào hay chưa; gửi lại cùng lệnh, không bị tính hai lần'],
  [/^nobody who may work here has the name (.+)$/, 'không có người trực nào tên đăng nhập «$1»'],
];

/** One line for the operator. */
export function refusalWords(status: number, problem: Problem | null): string {
  if (status === 403) return 'tài khoản này không có quyền.';
  const detail = problem?.detail ?? '';
  for (const [pattern, words] of kWords) {
    const found = pattern.exec(detail);
    if (found) return `${words.replace(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? '')}.`;
  }
  return [problem?.title, detail].filter(Boolean).join(': ') || `lỗi ${status}`;
}
