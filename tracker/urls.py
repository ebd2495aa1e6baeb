"""Every page, in the order of the work. Addresses are Vietnamese without accents: people read and share them."""

from django.urls import URLPattern, path

from tracker.views import (
    agencies,
    assignments,
    decisions,
    directives,
    documents,
    evidence,
    help,
    instructions,
    my_work,
    overview,
    people,
    progress,
    registers,
    reviews,
    session,
    sources,
    suggestions,
)

urlpatterns: list[URLPattern] = [
    # signing in, the person
    path("", session.home, name="home"),
    path("dang-nhap/", session.login, name="login"),
    path("dang-xuat/", session.logout, name="logout"),
    path("doi-mat-khau/", session.password_change, name="password_change"),
    path("ho-so/", session.profile, name="profile"),
    path("them/", session.more, name="more"),
    path("suc-khoe/", session.health, name="health"),
    # documents
    path("van-ban/", documents.document_list, name="document_list"),
    path("van-ban/tao/", documents.document_create, name="document_create"),
    path("van-ban/<int:pk>/", documents.document_detail, name="document_detail"),
    path("van-ban/<int:pk>/sua/", documents.document_edit, name="document_edit"),
    path("van-ban/<int:pk>/tep/", documents.document_file, name="document_file"),
    # directives
    path("nhiem-vu/", registers.directive_list, name="directive_list"),
    path("nhiem-vu/tao/", directives.directive_create, name="directive_create"),
    path("nhiem-vu/doc-han/", directives.deadline_preview, name="deadline_preview"),
    path("nhiem-vu/<slug:code>/", directives.directive_detail, name="directive_detail"),
    path("nhiem-vu/<slug:code>/sua/", directives.directive_edit, name="directive_edit"),
    path("nhiem-vu/<slug:code>/giao/", directives.directive_assign, name="directive_assign"),
    path("nhiem-vu/<slug:code>/buoc/<slug:step>/", directives.directive_step, name="directive_step"),
    path("nhiem-vu/<slug:code>/lich-su/", directives.directive_history, name="directive_history"),
    path("nhiem-vu/<slug:code>/can-cu/", sources.source_add, name="source_add"),
    path("can-cu/<int:pk>/", sources.source_correct, name="source_correct"),
    path("nhiem-vu/<slug:code>/chi-dao/", instructions.instruction_add, name="instruction_add"),
    path("chi-dao/<int:pk>/tra-loi/", instructions.instruction_answer, name="instruction_answer"),
    path("goi-y/<int:pk>/", suggestions.suggestion_decide, name="suggestion_decide"),
    # assignments
    path("luot-giao/", registers.assignment_list, name="assignment_list"),
    path("luot-giao/<int:pk>/tiep-nhan/", assignments.assignment_receive, name="assignment_receive"),
    path("luot-giao/<int:pk>/tu-choi/", assignments.assignment_decline, name="assignment_decline"),
    path("luot-giao/<int:pk>/giao-lai/", assignments.assignment_give_again, name="assignment_give_again"),
    path("luot-giao/<int:pk>/chuyen/", assignments.assignment_transfer, name="assignment_transfer"),
    path(
        "luot-giao/<int:pk>/phu-trach/", assignments.assignment_put_in_charge, name="assignment_put_in_charge"
    ),
    path("co-quan/chon/", registers.agency_choices, name="agency_choices"),
    # progress reports
    path("bao-cao/", registers.progress_list, name="progress_list"),
    path("viec-cua-toi/", my_work.my_work, name="my_work"),
    path("luot-giao/<int:pk>/bao-cao/", progress.progress_log, name="progress_log"),
    path("luot-giao/<int:pk>/luu-nhap/", progress.progress_save_draft, name="progress_save_draft"),
    path("luot-giao/<int:pk>/khong-phat-sinh/", progress.progress_nothing_new, name="progress_nothing_new"),
    path("bao-cao/<int:pk>/", progress.progress_detail, name="progress_detail"),
    path("bao-cao/<int:pk>/rut-lai/", progress.progress_withdraw, name="progress_withdraw"),
    path("minh-chung/<int:pk>/", evidence.evidence_download, name="evidence_download"),
    path("minh-chung/<int:pk>/bo/", evidence.evidence_remove, name="evidence_remove"),
    # review
    path("cho-duyet/", reviews.review_queue, name="review_queue"),
    path("cho-duyet/duyet-nhieu/", reviews.review_confirm_many, name="review_confirm_many"),
    path("cho-duyet/<int:pk>/", reviews.review_detail, name="review_detail"),
    path("cho-duyet/<int:pk>/duyet/", reviews.review_confirm, name="review_confirm"),
    path("cho-duyet/<int:pk>/tra-lai/", reviews.review_send_back, name="review_send_back"),
    # overview
    path("tong-quan/", overview.overview, name="overview"),
    path("quyet-dinh/<str:matter>/<int:pk>/", decisions.decision_take, name="decision_take"),
    # people, agencies, help
    path("nguoi-dung/", people.user_list, name="user_list"),
    path("nguoi-dung/them/", people.user_create, name="user_create"),
    path("nguoi-dung/<int:pk>/", people.user_edit, name="user_edit"),
    path("nguoi-dung/<int:pk>/khoa/", people.user_lock, name="user_lock"),
    path("nguoi-dung/<int:pk>/mo-khoa/", people.user_unlock, name="user_unlock"),
    path("nguoi-dung/<int:pk>/mat-khau/", people.user_reset_password, name="user_reset_password"),
    path("nguoi-dung/<int:pk>/chuyen-viec/", people.user_move_work, name="user_move_work"),
    path("co-quan/", agencies.agency_list, name="agency_list"),
    path("co-quan/them/", agencies.agency_create, name="agency_create"),
    path("co-quan/<int:pk>/", agencies.agency_edit, name="agency_edit"),
    path("tro-giup/", help.help, name="help"),
]
