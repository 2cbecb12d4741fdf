package main

import (
	"context"
	"log"
	"os"
	"strconv"

	cloudevents "github.com/cloudevents/sdk-go/v2"
)

type order struct {
	OrderID string  `json:"orderId"`
	Email   string  `json:"email"`
	Total   float64 `json:"total"`
}

func capture(_ context.Context, placed cloudevents.Event) (*cloudevents.Event, cloudevents.Result) {
	var of order
	if err := placed.DataAs(&of); err != nil {
		return nil, cloudevents.NewHTTPResult(422, "no order: %s", err)
	}
	reply := cloudevents.NewEvent()
	reply.SetID("payment-of-" + placed.ID())
	reply.SetSource("/payment")
	reply.SetType("payment_captured")
	data := map[string]any{"orderId": of.OrderID, "email": of.Email, "amount": of.Total}
	return &reply, reply.SetData(cloudevents.ApplicationJSON, data)
}

func main() {
	port, err := strconv.Atoi(os.Getenv("PORT"))
	if err != nil {
		log.Fatal("PORT says where to listen: ", err)
	}
	client, err := cloudevents.NewClientHTTP(cloudevents.WithPort(port))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(client.StartReceiver(context.Background(), capture))
}
