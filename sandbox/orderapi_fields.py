"""What the order API says of an order: field names as Yahoo! ショッピング documents them, in its groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.market import JST, moment
from sandbox.market.address import split

NOT_MODELLED = frozenset(
    [
        "Version",
        "ParentOrderId",
        "ChildOrderId",
        "DeviceType",
        "MobileCarrierName",
        "IsActive",
        "IsSplit",
        "CancelReason",
        "CancelReasonDetail",
        "IsRoyalty",
        "IsRoyaltyFix",
        "IsSeller",
        "IsAffiliate",
        "IsRatingB2s",
        "NeedSnl",
        "Suspect",
        "SuspectMessage",
        "StoreStatus",
        "RoyaltyFixTime",
        "SendConfirmTime",
        "SendPayTime",
        "PrintSlipTime",
        "PrintDeliveryTime",
        "PrintBillTime",
        "BuyerComments",
        "SellerComments",
        "Notes",
        "OperationUser",
        "Referer",
        "EntryPoint",
        "HistoryId",
        "UsageId",
        "UseCouponData",
        "TotalCouponDiscount",
        "ShippingCouponFlg",
        "ShippingCouponDiscount",
        "CampaignPoints",
        "IsMultiShip",
        "MultiShipId",
        "IsReadOnly",
        "FraudHoldStatus",
        "PublicationTime",
        "IsYahooAuctionDeferred",
        "YahooAuctionCategoryType",
        "YahooAuctionBidType",
        "GoodStoreStatus",
        "SettleStatus",
        "PayType",
        "PayKind",
        "PayMethod",
        "SellerHandlingCharge",
        "PayActionTime",
        "PayNotes",
        "SettleId",
        "NeedBillSlip",
        "NeedDetailedSlip",
        "NeedReceipt",
        "BillEmgPhoneNumber",
        "ShipEmgPhoneNumber",
        "ShipMethod",
        "ShipRequestDate",
        "ShipRequestTime",
        "ShipNotes",
        "ShipInvoiceNumber2",
        "ShipInvoiceNumberEmptyReason",
        "ShipUrl",
        "ArriveType",
        "ArrivalDate",
        "NeedGiftWrap",
        "PayCharge",
        "GiftWrapCharge",
        "Discount",
        "GiftCardDiscount",
        "UsePoint",
        "GetPoint",
        "RefundTotalPrice",
        "TotalMallCouponDiscount",
        "IsGetPointFixAll",
        "SubCode",
        "SubCodeOption",
        "ItemOption",
        "Inscription",
        "IsUsed",
        "ImageId",
        "IsTaxable",
        "ItemTaxRatio",
        "Jan",
        "ProductId",
        "CategoryId",
        "AffiliateRatio",
        "PointAvailQuantity",
        "ReleaseDate",
        "CouponDiscount",
        "OriginalPrice",
        "OriginalNum",
        "LeadTimeText",
        "PriceType",
        "FspLicenseCode",
        "FspLicenseName",
        "GuestAuthId",
    ]
)


def groups(order: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Group → field → text; the group "" is the order itself."""
    buyer, where = order["buyer"], split(order["buyer"]["address"])
    family, _, given = buyer["name"].partition(" ")
    family_kana, _, given_kana = buyer["kana"].partition(" ")
    person = {
        "FirstName": given, "FirstNameKana": given_kana, "LastName": family, "LastNameKana": family_kana,
        "ZipCode": buyer["postal_code"].replace("-", ""), "Prefecture": where["prefecture"], "City": where["city"],
        "Address1": where["address1"], "Address2": where["address2"], "PhoneNumber": buyer["phone"].replace("-", ""),
    }  # fmt: skip
    one = order["lines"][0] if len(order["lines"]) == 1 else {"auction_id": "", "management_number": ""}
    return {
        "": {
            "OrderId": order["order_number"], "OrderTime": japan(order["ordered_at"]),
            "LastUpdateTime": japan(order["updated_at"]), "OrderStatus": str(order["order_status"]),
            "IsSeen": "true", "IsYahooAuctionOrder": "true", "YahooAuctionId": one["auction_id"],
            "YahooAuctionMerchantId": one["management_number"],
            "YahooAuctionBundleType": str(int(len(order["lines"]) > 1)),
        },
        "Pay": {
            "PayStatus": str(order["pay_status"]), "PayType": str(order["pay_type"]), "PayMethodName": order["payment_method"],
            "PayDate": japan(order["paid_at"])[:10], "BillMailAddress": buyer["email"],
            **{f"Bill{name}": value for name, value in person.items()},
        },
        "Ship": {
            "ShipStatus": str(order["ship_status"]), "ShipMethodName": order["shipping_method"],
            "ShipCompanyCode": order["carrier"], "ShipInvoiceNumber1": order["tracking_number"],
            "ShipDate": japan(order["shipped_at"])[:10],
            **{f"Ship{name}": value for name, value in person.items()},
        },
        "Detail": {
            "ShipCharge": str(order["shipping_fee"]), "TotalPrice": str(order["total"]),
            "SettleAmount": str(order["total"]),
        },
        "Seller": {"SellerId": order["store_id"]},
        "Buyer": {"IsLogin": "true"},
    }  # fmt: skip


def items(order: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "LineId": str(place), "ItemId": line["auction_id"], "Title": line["title"],
            "UnitPrice": str(line["unit_price"]), "Quantity": str(line["quantity"]),
            "ItemYahooAucId": line["auction_id"], "ItemYahooAucMerchantId": line["management_number"],
        }
        for place, line in enumerate(order["lines"], 1)
    ]  # fmt: skip


def japan(text: str | None) -> str:
    """2014-09-24T00:00:00+09:00, empty for what has not happened."""
    return moment(text).astimezone(JST).isoformat(timespec="seconds") if text else ""
